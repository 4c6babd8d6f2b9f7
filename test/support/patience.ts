/**
 * Runs before each file that uses real servers: to make a database takes half a second here and ten on a loaded machine,
 * which says nothing about what is tested. A file that needs longer says so itself.
 */
jest.setTimeout(60_000);
