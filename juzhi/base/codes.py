"""stand-in"""
def parse_mobiles(t): return [t]
