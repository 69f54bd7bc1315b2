"""List the licence of everything that jazzgen installs, those with duties first: python scripts/licences.py"""

from experiments.licences import main

if __name__ == "__main__":
    main()
