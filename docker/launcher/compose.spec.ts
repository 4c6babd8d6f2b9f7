// Proves, without an engine, that the compose file fits the code it starts: the same database profile as the
// private server, commands and ports that exist, volumes with the owners the images have, keys for one alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { PORTS, VOLUMES } from './container';
import { APPS } from './environment';
import { DURABLE } from './mariadb';
import { findRoot } from './layout';

const docker = join(findRoot(__dirname), 'docker');
const service = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).default([]),
  user: z.string().optional(),
  restart: z.string(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()).default(['default']),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  cap_drop: z.array(z.string()).default([]),
});
const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(readFileSync(join(docker, 'compose.yml'), 'utf8'), { merge: true }));
const services = Object.entries(compose.services);
const dockerfile = readFileSync(join(docker, 'Dockerfile'), 'utf8');

describe('docker/compose.yml', () => {
  it('runs MariaDB with the durable profile of the private server', () => {
    expect(compose.services['mariadb']?.command).toEqual(expect.arrayContaining([...DURABLE]));
  });

  it('runs Redis with an append-only file and no eviction', () => {
    const command = compose.services['redis']?.command.join(' ') ?? '';
    for (const setting of ['--appendonly yes', '--appendfsync everysec', '--maxmemory-policy noeviction']) {
      expect(command).toContain(setting);
    }
  });

  it('runs every application once', () => {
    const run = services.map(([, { command }]) => command).filter(([verb]) => verb === 'run');
    const fromDockerfile = compose.services['token-server']?.command.length === 0 ? ['token-server'] : [];
    expect([...run.map(([, app]) => app), ...fromDockerfile].sort()).toEqual([...APPS].sort());
    expect(dockerfile).toContain('CMD ["run", "token-server"]');
  });

  it('shows keys to the token server and to the steps that make them, and to nothing else', () => {
    const seeing = services.filter(([, { volumes }]) => volumes.some((volume) => volume.startsWith('keys:')));
    expect(seeing.map(([name]) => name).sort()).toEqual(['meter-keys', 'setup', 'token-server']);
    const journalSeen = services.filter(([, { volumes }]) => volumes.some((volume) => volume.startsWith('journal:')));
    expect(journalSeen.map(([name]) => name).sort()).toEqual(['meter-keys', 'setup', 'token-server']);
    expect(compose.services['token-server']?.volumes).toEqual([
      'keys:/var/lib/vend/keys:ro',
      'journal:/var/lib/vend/journal',
    ]);
    expect(compose.services['token-server']?.networks).toEqual(['tokens']);
  });

  it('lets api and worker, and no other application, see the files that are imported', () => {
    const seeing = services.filter(([, { volumes }]) => volumes.includes(`imports:${VOLUMES.imports.directory}`));
    expect(seeing.map(([name]) => name).sort()).toEqual(['api', 'meter-keys', 'setup', 'worker']);
  });

  it('runs nothing of ours as root but the steps that give files to their owners', () => {
    const asRoot = services.filter(([, { user }]) => user?.startsWith('0')).map(([name]) => name);
    expect(asRoot.sort()).toEqual(['meter-keys', 'setup']);
    expect(dockerfile.match(/^USER .*$/gm)).toEqual(['USER 10002:10002', 'USER 10001:10001']);
    const ours = services.filter(([, { image }]) => image.startsWith('prepaid-vending'));
    for (const [, { cap_drop }] of ours) expect(cap_drop).toEqual(['ALL']);
  });

  it('opens ports to this machine only, and those that the applications listen on', () => {
    const open = services.flatMap(([, { ports }]) => ports);
    expect(open.sort()).toEqual([PORTS.api, PORTS.sandbox].map((port) => `127.0.0.1:${port}:${port}`));
  });

  it('waits only for services that exist, and for the end of those that end', () => {
    for (const [, { depends_on }] of services) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const ends = compose.services[name]?.restart === 'no';
        expect(condition).toBe(ends ? 'service_completed_successfully' : 'service_healthy');
      }
    }
  });

  it('mounts volumes that are declared, where the launcher expects them', () => {
    for (const [, { volumes }] of services) {
      for (const [name = '', path = ''] of volumes.map((volume) => volume.split(':'))) {
        expect(Object.keys(compose.volumes)).toContain(name);
        if (path.startsWith('/var/lib/vend')) {
          expect(path).toBe(VOLUMES[name as keyof typeof VOLUMES].directory);
        }
      }
    }
    for (const { directory, uid } of [VOLUMES.app, VOLUMES.keys, VOLUMES.journal, VOLUMES.imports]) {
      expect(dockerfile).toContain(`chown ${uid}:${uid} ${directory}`);
    }
  });
});
