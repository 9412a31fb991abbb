/** The folder with the built console: index.html and its assets, to be served at `/`. */
export const consoleDist = new URL('../dist/', import.meta.url)
