import { TABLE } from './table';

/**
 * The tree of offices; stations hang on it by the name they always had. `path` is the codes from the root down, so that
 * "this office and all below" is one prefix. Offices that customers and stations already name become divisions without a
 * zone: an administrator hangs them where they belong.
 */
export const OFFICES = [
  `CREATE TABLE offices (
    code VARCHAR(32) CHARACTER SET ascii PRIMARY KEY,
    name VARCHAR(60) NOT NULL UNIQUE,
    name_bn VARCHAR(60) NULL,
    kind ENUM('zone', 'division') NOT NULL,
    parent VARCHAR(32) CHARACTER SET ascii NULL,
    path VARCHAR(300) CHARACTER SET ascii NOT NULL UNIQUE,
    CONSTRAINT fk_offices_parent FOREIGN KEY (parent) REFERENCES offices (code),
    CONSTRAINT ck_offices_parent CHECK (parent IS NULL OR parent <> code),
    CONSTRAINT ck_offices_path CHECK (path LIKE CONCAT('%/', code, '/'))
  ) ${TABLE}`,
  `INSERT INTO offices (code, name, kind, path)
   SELECT code, name, 'division', CONCAT('/', code, '/') FROM (
     SELECT CONCAT('OFFICE-', UPPER(LEFT(SHA2(MIN(office), 256), 8))) AS code, MIN(office) AS name FROM (
       SELECT office FROM stations UNION SELECT office FROM customers
     ) AS named GROUP BY office
   ) AS known`,
];
