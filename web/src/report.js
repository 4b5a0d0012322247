import { mount } from 'svelte';
import Ladder from './Ladder.svelte';
mount(Ladder, {target: document.body});
