import { DomainError, type InstantMs } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import { recordAudit } from '../audit';
import type { SessionUser, Station } from '../identity';
import type { IdentityErrorCode } from '../identity.errors';
import * as store from '../store/offices';
import type { OfficeRecord } from '../store/offices';
import { upsertStation } from '../store/seeding';

/** A zone, an S&D division (or zonal office), and the stations that hang on it. */
export const OFFICE_KINDS = ['zone', 'division', 'station'] as const;
export type OfficeKind = (typeof OFFICE_KINDS)[number];

export interface OfficeNode {
  readonly code: string;
  readonly kind: OfficeKind;
  readonly name: string;
  readonly nameBn: string | null;
  readonly children: readonly OfficeNode[];
}

/** What is made: a station has the code of its division as parent, a zone or division may have none yet. */
export interface NewOffice {
  readonly code: string;
  readonly kind: OfficeKind;
  readonly name: string;
  readonly nameBn?: string;
  readonly parent?: string;
}

const DEPTH_MAX = 8;
const refusal = (code: IdentityErrorCode) => new DomainError<IdentityErrorCode>(code);
const depthOf = (path: string): number => path.split('/').length - 2;

/** The tree of offices. Stations are its leaves; customers and people belong to offices by name. */
export class Offices {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** The whole tree, each level by name. */
  async tree(): Promise<OfficeNode[]> {
    const [offices, stations] = await this.database.reads((reader) =>
      Promise.all([store.allOffices(reader), store.allStations(reader)]),
    );
    const node = ({ code, kind, name, nameBn }: OfficeRecord): OfficeNode => ({
      code,
      kind,
      name,
      nameBn,
      children: [
        ...offices.filter(({ parent }) => parent === code).map(node),
        ...stations
          .filter(({ office }) => office === name)
          .map((station) => ({ ...leaf(station), children: [] as OfficeNode[] })),
      ],
    });
    return offices.filter(({ parent }) => parent === null).map(node);
  }

  /**
   * Makes an office or a station.
   *
   * @throws {DomainError} `office-exists`: the code or the name; `office-not-found`: the parent; `office-misplaced`: a
   *   zone below a division, a station without an office, or too deep
   */
  async create(office: NewOffice, by: SessionUser): Promise<void> {
    const at = this.now();
    await this.database.transaction(async (tx) => {
      const { byCode } = await this.locked(tx);
      const parent = office.parent === undefined ? undefined : byCode.get(office.parent);
      if (office.parent !== undefined && !parent) throw refusal('office-not-found');
      const { code, name, kind } = office;
      if (kind === 'station') {
        if (!parent) throw refusal('office-misplaced');
        if (await store.stationExists(tx, code)) throw refusal('office-exists');
        await upsertStation(tx, { code, name, office: parent.name }, { actor: `user:${by.username}`, at });
        return;
      }
      if ([...byCode.values()].some((known) => known.code === code || known.name === name))
        throw refusal('office-exists');
      const path = placeUnder(parent, code, kind);
      await store.insertOffice(tx, {
        code,
        name,
        nameBn: office.nameBn ?? null,
        kind,
        parent: parent?.code ?? null,
        path,
      });
      await this.audit(tx, by, code, undefined, { name, kind, parent: parent?.code ?? null }, at);
    });
  }

  /**
   * Hangs an office, with all below it, or a station, under another.
   *
   * @param parent code of the new parent; null makes it a root
   * @throws {DomainError} `office-not-found`; `office-cycle`: the parent is the office itself or below it; `office-misplaced`
   */
  async move(code: string, parent: string | null, by: SessionUser): Promise<void> {
    const at = this.now();
    await this.database.transaction(async (tx) => {
      const { byCode } = await this.locked(tx);
      const under = parent === null ? undefined : byCode.get(parent);
      if (parent !== null && !under) throw refusal('office-not-found');
      const moved = byCode.get(code);
      if (!moved) return this.moveStation(tx, code, under, by, at);
      if (under?.path.startsWith(moved.path)) throw refusal('office-cycle');
      const path = placeUnder(under, code, moved.kind);
      const deepest = Math.max(
        ...[...byCode.values()].filter((o) => o.path.startsWith(moved.path)).map((o) => depthOf(o.path)),
      );
      if (deepest - depthOf(moved.path) + depthOf(path) > DEPTH_MAX) throw refusal('office-misplaced');
      await store.moveOffice(tx, { code, parent, from: moved.path, to: path });
      await this.audit(tx, by, code, { parent: moved.parent }, { parent }, at);
    });
  }

  private async moveStation(tx: Tx, code: string, under: OfficeRecord | undefined, by: SessionUser, at: InstantMs) {
    const station = await store.stationOf(tx, code);
    if (!station) throw refusal('office-not-found');
    if (!under) throw refusal('office-misplaced');
    await store.moveStation(tx, code, under.name);
    await this.audit(tx, by, code, { office: station.office }, { office: under.name }, at);
  }

  /** The whole small tree, held: two moves at once cannot make a ring of two good halves. */
  private async locked(tx: Tx): Promise<{ byCode: Map<string, OfficeRecord> }> {
    const offices = await store.lockOffices(tx);
    return { byCode: new Map(offices.map((office) => [office.code, office])) };
  }

  private audit(
    tx: Tx,
    by: SessionUser,
    code: string,
    before: Record<string, string | null> | undefined,
    after: Record<string, string | null>,
    at: InstantMs,
  ): Promise<void> {
    const actor = `user:${by.username}`;
    return recordAudit(tx, { actor, action: 'office-changed', subject: `office:${code}`, before, after, at });
  }
}

function leaf({ code, name }: Station): Omit<OfficeNode, 'children'> {
  return { code, kind: 'station', name, nameBn: null };
}

/** @returns the path @throws {DomainError} `office-misplaced` */
function placeUnder(parent: OfficeRecord | undefined, code: string, kind: 'zone' | 'division'): string {
  if (kind === 'zone' && parent?.kind === 'division') throw refusal('office-misplaced');
  const path = `${parent?.path ?? '/'}${code}/`;
  if (depthOf(path) > DEPTH_MAX) throw refusal('office-misplaced');
  return path;
}
