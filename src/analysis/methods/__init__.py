"""How statements are counted and compared: frames in, frames out, nothing else."""
