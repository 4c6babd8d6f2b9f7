import { ApiProperty } from '@nestjs/swagger';
import type { ImportState } from '@vend/meters';

const STATES = ['QUEUED', 'RUNNING', 'DONE', 'FAILED'] as const satisfies readonly ImportState[];

export class ImportRefusalDto {
  @ApiProperty({ description: 'Why the whole file was refused', example: 'import-header-invalid' }) code!: string;
  @ApiProperty({ example: 'The first line of the file does not name the expected columns. Nothing was imported.' })
  en!: string;
  @ApiProperty({ example: 'ফাইলের প্রথম লাইনে প্রত্যাশিত কলামের নাম নেই। কিছুই নেওয়া হয়নি।' }) bn!: string;
  @ApiProperty({ type: Object, example: { missing: 'krn', unknown: 'key' } }) facts!: object;
}

export class ImportDto {
  @ApiProperty({ description: 'The Idempotency-Key', example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) id!: string;
  @ApiProperty({ enum: STATES, example: 'RUNNING' }) state!: ImportState;
  @ApiProperty({ example: 'natore-2026-11.csv' }) fileName!: string;
  @ApiProperty({ enum: ['csv', 'xlsx'], example: 'csv' }) kind!: 'csv' | 'xlsx';
  @ApiProperty({
    description: 'SHA-256 of the file',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  sha256!: string;
  @ApiProperty({ description: 'Username, or `cli:…`', example: 'selim' }) madeBy!: string;
  @ApiProperty({ example: '2026-11-21T10:00:00+06:00' }) madeAt!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) endedAt!: string | null;
  @ApiProperty({ description: 'Rows whose outcome is stored', example: 312_000 }) rows!: number;
  @ApiProperty({ example: 311_000 }) inserted!: number;
  @ApiProperty({ example: 600 }) updated!: number;
  @ApiProperty({ example: 398 }) unchanged!: number;
  @ApiProperty({ description: 'Rows of which nothing is stored', example: 2 }) rejected!: number;
  @ApiProperty({ description: 'A row may have several', example: 3 }) faults!: number;
  @ApiProperty({ minimum: 0, maximum: 100, example: 62 }) percent!: number;
  @ApiProperty({ example: 4_800 }) rowsPerSecond!: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'null before the first rows and after the end',
    example: 40,
  })
  secondsLeft!: number | null;
  @ApiProperty({ type: ImportRefusalDto, nullable: true, description: 'With FAILED' })
  refusal!: ImportRefusalDto | null;
}

export class ImportPageDto {
  @ApiProperty({ type: [ImportDto] }) items!: ImportDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}
