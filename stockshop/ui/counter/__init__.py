"""The parts of the Counter screen: its desk, its forms, and what it paints."""
