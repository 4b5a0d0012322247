import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// One classic script and one style sheet: the report holds both inline and names them by hash in its policy.
export default defineConfig({
  plugins: [svelte({ compilerOptions: { css: 'external' } })],
  build: {
    outDir: '../src/detente/report/static',
    emptyOutDir: true,
    target: 'es2022',
    lib: { entry: 'src/report.js', formats: ['iife'], name: 'detente', fileName: () => 'report.js', cssFileName: 'report' },
  },
});
