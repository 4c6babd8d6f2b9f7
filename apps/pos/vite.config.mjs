// Three pages out of one tree: the counter and the office (heavy, at a desk) and the customer's (light, on a phone on 2G).
import path from 'path';
import { fileURLToPath } from 'url';
import { defineConfig } from 'vite';
import { scriptSizeLimit } from './size-limit.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  root: here,
  base: '/pages/',
  logLevel: 'warn',
  plugins: [scriptSizeLimit('customer', 150_000)],
  cacheDir: path.join(here, '../../.local/cache/vite'),
  build: {
    outDir: path.join(here, '../../dist/pages'),
    emptyOutDir: true,
    // The policy of the pages allows no inline data but pictures; a font is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: false,
    rolldownOptions: {
      onwarn: (warning, warn) => {
        // "use client" in packages is for servers that render React; there is none here.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
      input: Object.fromEntries(
        ['counter', 'office', 'customer'].map((page) => [page, path.join(here, `${page}.html`)]),
      ),
    },
  },
  // For work on the pages: `npx vite apps/pos` beside a running system, whose address is VEND_API.
  server: { proxy: { '/v1': process.env.VEND_API ?? 'http://127.0.0.1:3000' } },
});
