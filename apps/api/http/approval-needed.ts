import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiProperty } from '@nestjs/swagger';
import type { ApiErrorCode } from './problems';

class WaitingApprovalDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) id!: string;
  @ApiProperty({ enum: ['PENDING'] }) state!: 'PENDING';
}

/** The answer 202 of an operation that waits for a second person. */
export class ApprovalNeededDto {
  @ApiProperty() approval!: WaitingApprovalDto;
}

/** @example void reply.status(202); return approvalNeeded(gate.approvalId); */
export function approvalNeeded(approvalId: string): ApprovalNeededDto {
  return { approval: { id: approvalId, state: 'PENDING' } };
}

/** Codes that an operation behind a second person may answer, for its ApiProblems. */
export const APPROVAL_CODES = [
  'approval-refused',
  'approval-expired',
  'approval-differs',
  'approval-used',
] as const satisfies readonly ApiErrorCode[];

/** Describes the 202 of an operation that needs a second person. */
export function NeedsApproval() {
  return applyDecorators(
    ApiAcceptedResponse({
      type: ApprovalNeededDto,
      description:
        'A second person must approve first, at POST /v1/approvals/{id}/approve. Nothing was changed; then send the very ' +
        'same request again, with the same Idempotency-Key.',
    }),
  );
}
