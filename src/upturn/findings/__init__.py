"""What would an inspector find: a catalogue of questions, tested against one extract, with the children."""
