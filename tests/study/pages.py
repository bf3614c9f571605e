"""Which pages of the book report, and of what: the study itself or the policy around it."""

CHAPTERS = [
    "introduction",
    "methods",
    "background",
    "contribution",
    "cases",
    "interviews",
    "conclusion",
]
CONTEXT = ["context", "leitbild", "initiatives", "alliance", "circular-city"]
REPORTING = ["summary", "municipalities", *CHAPTERS, *CONTEXT]
RETELLING = [*CHAPTERS, "summary", "municipalities", "limits", "guide"]  # what the study says
