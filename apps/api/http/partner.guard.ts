import {
  applyDecorators,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { PartnersService, type Partner, type Permission } from '@vend/identity';
import { fromGuard, PERMISSION } from './guarded';
import type { RawRequest } from './body';
import { ApiProblems } from './problem.dto';

const NO_BYTES = Buffer.alloc(0);

type PartnerRequest = RawRequest & { partner?: Partner };

/** Lets a partner pass whose signature fits the very bytes that arrived; before anybody looks at what they say. */
@Injectable()
class PartnerGuard implements CanActivate {
  constructor(private readonly partners: PartnersService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<PartnerRequest>();
    request.partner = await this.partners.verifySignedRequest(
      {
        keyId: textOf(request.headers['x-key-id']),
        timestamp: textOf(request.headers['x-timestamp']),
        signature: textOf(request.headers['x-signature']),
        rawBody: request.rawBody ?? NO_BYTES,
      },
      Date.now(),
    );
    return true;
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

/** Opens a controller to partners that sign their requests, and to nobody else. */
export function SignedByPartner(permission: Permission) {
  return applyDecorators(
    SetMetadata(PERMISSION, permission),
    UseGuards(PartnerGuard),
    ApiHeader({ name: 'X-Key-Id', required: true, description: "The partner's key" }),
    ApiHeader({ name: 'X-Timestamp', required: true, description: 'Unix seconds; at most 300 s from our clock' }),
    ApiHeader({
      name: 'X-Signature',
      required: true,
      description: 'hex of HMAC-SHA256(secret, `${X-Timestamp}.${body as sent}`)',
    }),
    ApiProblems('signature-missing', 'signature-invalid', 'timestamp-stale'),
  );
}

/** The partner that signed the request; only on routes with `SignedByPartner`. */
export const CallingPartner = fromGuard((request: PartnerRequest) => request.partner);
