// The figure of each panel, by the panel's name.
import Alliance from './Alliance.svelte';
import Forces from './Forces.svelte';
import Ladder from './Ladder.svelte';
import Map from './Map.svelte';
import Movers from './Movers.svelte';
import Policies from './Policies.svelte';
import Shares from './Shares.svelte';
import Treaties from './Treaties.svelte';
import WhatIf from './WhatIf.svelte';
import When from './When.svelte';

export const figures = {
  ladder: Ladder, when: When, movers: Movers, shares: Shares, whatif: WhatIf, policies: Policies, alliance: Alliance, map: Map, treaties: Treaties, forces: Forces,
};
