"""Who may see the pages, and what a browser is told to refuse on their behalf."""
