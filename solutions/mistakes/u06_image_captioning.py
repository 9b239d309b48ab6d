"""Known wrong answers to the exercises of unit 06."""
