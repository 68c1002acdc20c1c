"""What a dashboard is made of: documented metrics, questions to a trail, widgets and their places, all plain data."""
