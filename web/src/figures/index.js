// The figure of each panel, by the panel's name.
import Forces from './Forces.svelte';
import Ladder from './Ladder.svelte';
import Movers from './Movers.svelte';
import Policies from './Policies.svelte';
import Treaties from './Treaties.svelte';
import When from './When.svelte';

export const figures = { ladder: Ladder, when: When, movers: Movers, policies: Policies, treaties: Treaties, forces: Forces };
