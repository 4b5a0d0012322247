// The figure of each panel, by the panel's name.
import Ladder from './Ladder.svelte';

export const figures = { ladder: Ladder };
