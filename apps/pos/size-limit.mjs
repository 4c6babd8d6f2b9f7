// The customer's page is for cheap phones on 2G: a build whose scripts for it are larger than this fails.
import zlib from 'zlib';

/**
 * @param {string} entry name of the page
 * @param {number} limitBytes all scripts that it loads, each compressed by gzip
 */
export function scriptSizeLimit(entry, limitBytes) {
  return {
    name: 'script-size-limit',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
      const page = chunks.find((chunk) => chunk.isEntry && chunk.name === entry);
      if (!page) throw new Error(`no page ${entry}`);
      const loaded = new Set([page.fileName]);
      for (const fileName of loaded) {
        const chunk = bundle[fileName];
        [...chunk.imports, ...chunk.dynamicImports].forEach((each) => loaded.add(each));
      }
      const bytes = [...loaded].reduce((sum, fileName) => sum + zlib.gzipSync(bundle[fileName].code).length, 0);
      if (bytes > limitBytes) throw new Error(`${entry}: ${bytes} bytes of script compressed, at most ${limitBytes}`);
      this.info(`${entry}: ${bytes} bytes of script compressed`);
    },
  };
}
