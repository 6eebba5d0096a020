"""Companies, their sites, who works there with which role, and the building of the Actor of a request.

Owns Organization, Branch, Role, Membership. A person acts in one organization at a time and sees only its rows; a
membership for one branch shows that branch alone. Rights are `area.action` codes kept on roles.
"""
