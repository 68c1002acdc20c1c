"""What watching is made of: which events matter, how they are said to people, what is counted, where it is sent."""
