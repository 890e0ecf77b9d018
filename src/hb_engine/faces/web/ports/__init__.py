"""What a port's page is made of: a module for each of its sections, from records to words in one language."""
