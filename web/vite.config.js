import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { theatres } from './theatres.js';

// One classic script and one style sheet: the report holds both inline and names them by hash in its policy. Maps of theatres lie beside.
export default defineConfig({
  plugins: [svelte({ compilerOptions: { css: 'external' } }), theatres('theatres')],
  build: {
    outDir: '../src/detente/report/static',
    emptyOutDir: true,
    target: 'es2022',
    lib: { entry: 'src/report.js', formats: ['iife'], name: 'detente', fileName: () => 'report.js', cssFileName: 'report' },
  },
});
