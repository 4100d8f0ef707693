"""Rule packs: the folders lawyers write, read strictly, composed and checked."""
