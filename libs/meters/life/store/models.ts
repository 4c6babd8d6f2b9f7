import { idFromBytes, idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';
import type { MeterModel, StoredModel } from '../models';

const COLUMNS = `d.id AS model_id, d.manufacturer, d.model, d.phase, d.algorithms, d.crediting, d.services, d.register_max_wh,
  d.register_max_paisa, d.power_max_w`;

/** All models, by manufacturer and name. */
export async function listModels(reader: Pick<Tx, 'query'>): Promise<StoredModel[]> {
  return (await reader.query(`SELECT ${COLUMNS} FROM meter_models d ORDER BY d.manufacturer, d.model`)).map(modelOf);
}

export async function findModel(
  reader: Pick<Tx, 'query'>,
  manufacturer: string,
  model: string,
): Promise<StoredModel | undefined> {
  const [row] = await reader.query(`SELECT ${COLUMNS} FROM meter_models d WHERE d.manufacturer = ? AND d.model = ?`, [
    manufacturer,
    model,
  ]);
  return row && modelOf(row);
}

/**
 * The models of these meters; a meter without one is missing from the answer.
 *
 * @example takesService((await loadMeterModels(tx, [meterId])).get(meterId), 'clear-tamper')
 */
export async function loadMeterModels(
  reader: Pick<Tx, 'query'>,
  meterIds: readonly Id[],
): Promise<Map<Id, StoredModel>> {
  if (meterIds.length === 0) return new Map();
  const rows = await reader.query<Row & { meter_id: Buffer }>(
    `SELECT m.id AS meter_id, ${COLUMNS} FROM meters m JOIN meter_models d ON d.id = m.model_id WHERE m.id IN (?)`,
    [meterIds.map(idToBytes)],
  );
  return new Map(rows.map((row) => [idFromBytes(row.meter_id), modelOf(row)]));
}

/** Enters a model, or changes what is known of it. */
export async function saveModel(tx: Tx, m: MeterModel, at: InstantMs): Promise<void> {
  await tx.write(
    `INSERT INTO meter_models (id, manufacturer, model, phase, algorithms, crediting, services, register_max_wh,
       register_max_paisa, power_max_w, updated_at) VALUES (?)
     ON DUPLICATE KEY UPDATE phase = VALUES(phase), algorithms = VALUES(algorithms), crediting = VALUES(crediting),
       services = VALUES(services), register_max_wh = VALUES(register_max_wh),
       register_max_paisa = VALUES(register_max_paisa), power_max_w = VALUES(power_max_w), updated_at = VALUES(updated_at)`,
    [
      [
        ...[idToBytes(newId(at)), m.manufacturer, m.model, m.phase, m.algorithms.join(), m.crediting.join()],
        ...[m.services.join(), m.registerMaxWh, m.registerMaxPaisa, m.powerMaxW, new Date(at)],
      ],
    ],
  );
}

function modelOf(row: Row): StoredModel {
  const list = (column: string) => (row[column] as string).split(',').filter((each) => each !== '');
  const whole = (column: string) => (row[column] === null ? null : BigInt(row[column] as string | number));
  return {
    modelId: idFromBytes(row['model_id'] as Buffer),
    manufacturer: row['manufacturer'] as string,
    model: row['model'] as string,
    phase: row['phase'] as StoredModel['phase'],
    algorithms: list('algorithms') as unknown as StoredModel['algorithms'],
    crediting: list('crediting') as unknown as StoredModel['crediting'],
    services: list('services') as unknown as StoredModel['services'],
    registerMaxWh: whole('register_max_wh'),
    registerMaxPaisa: whole('register_max_paisa'),
    powerMaxW: whole('power_max_w'),
  };
}
