"""What customers say after a visit: asked for by link, rated with one tap. Owns Feedback."""
