"""Files that people wrote, read without a loss whatever program made them; files of
ours, whole or not there.
"""
