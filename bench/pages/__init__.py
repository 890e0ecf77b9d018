"""The pages measured: every port's page in every language, what pages weigh, and how fast they come under load."""
