"""What happens in the background: claims work, runs the networks, records what came of it."""
