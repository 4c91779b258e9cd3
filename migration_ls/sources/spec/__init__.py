"""Feature specs into requests: what they declare, and what their sentences imply."""
