"""Operations to ordered phases of steps; one recipe per kind of operation."""
