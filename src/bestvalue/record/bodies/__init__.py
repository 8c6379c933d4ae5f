"""Who is who: authorities, forces, boards and panels, the people in them, and who may sign in."""
