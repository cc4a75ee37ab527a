// The configuration runs in Node, whose types are not needed for anything else.
declare const process: { env: Record<string, string | undefined> };

import { defineConfig } from 'vitest/config';
import solid from 'vite-plugin-solid';

export default defineConfig({
  plugins: [solid()],
  build: {
    target: 'es2022',
    // Everything is a file of its own: the page runs under a policy without data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  // npm run page: the page with reload, on the data of a running server.
  server: { proxy: { '/api': process.env['CATALEJO_URL'] ?? 'http://127.0.0.1:8127' } },
  test: { environment: 'node', include: ['tests/**/*_test.ts'] },
});
