"""How a case moves: steps with their right, parallel opinions, limits in working days."""
