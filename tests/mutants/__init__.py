"""Files of every format that we read, damaged at random: whatever they hold, the program ends with a sentence."""
