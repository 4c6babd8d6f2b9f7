import type { PriceDocument } from '../documents';
import { bdRetail2023Feb, bdRetail2023Mar, bdRetail2024Feb } from './bd-retail-later';
import { bdRetail2020 } from './bd-retail-2020';
import { fees2020 } from './fees-2020';
import { projectLimits } from './limits';
import { bpdb2024, desco2022, nesco2021, nesco2025 } from './rebates';

/** The books that a document is published in, by the books' names. */
export interface ReviewedDocument {
  readonly document: PriceDocument;
  readonly books: readonly string[];
}

const HISTORIES = ['nesco-history', 'desco-history', 'bpdb-history'];
const ALL = ['first-light', ...HISTORIES];

/**
 * Every document that is released with the project, reviewed against its source (data/tariff-bd-2020.json and
 * tariff-bd-later.json of the brief), and the books it is in. The migration that makes the price book's tables keeps a
 * copy of its own; a test holds the two together.
 */
export const reviewedDocuments: readonly ReviewedDocument[] = [
  { document: { kind: 'tariff-version', ...bdRetail2020 }, books: ALL },
  { document: { kind: 'tariff-version', ...bdRetail2023Feb }, books: HISTORIES },
  { document: { kind: 'tariff-version', ...bdRetail2023Mar }, books: HISTORIES },
  { document: { kind: 'tariff-version', ...bdRetail2024Feb }, books: HISTORIES },
  { document: { kind: 'rebate-profile', ...nesco2021 }, books: ['first-light', 'nesco-history'] },
  { document: { kind: 'rebate-profile', ...nesco2025 }, books: ['nesco-history'] },
  { document: { kind: 'rebate-profile', ...desco2022 }, books: ['desco-history'] },
  { document: { kind: 'rebate-profile', ...bpdb2024 }, books: ['bpdb-history'] },
  { document: { kind: 'recharge-limits', ...projectLimits }, books: ALL },
  { document: { kind: 'service-fees', ...fees2020 }, books: ALL },
];
