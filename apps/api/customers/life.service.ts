import { Injectable } from '@nestjs/common';
import { officesOf, type SessionUser } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { LifeCards, parseMeterNumber, type CustomerCard, type WholeMeterCard } from '@vend/meters';
import { Database } from '@vend/platform';

/** Who of the staff sees which customers: those of the own office and below; to others they are not there. */
@Injectable()
export class LifeService {
  constructor(
    private readonly database: Database,
    private readonly cards: LifeCards,
  ) {}

  /** @throws {DomainError} customer-not-found */
  async customer(user: SessionUser, customerNo: string): Promise<CustomerCard> {
    const card = await this.cards.customer(customerNo.toUpperCase());
    if (!card || !(await this.sees(user, card.customer.content.office))) throw new DomainError('customer-not-found');
    return card;
  }

  /** @throws {DomainError} meter-not-found; meter-number-invalid, meter-check-digit-wrong */
  async meter(user: SessionUser, meterNo: string): Promise<WholeMeterCard> {
    const card = await this.cards.meter(parseMeterNumber(meterNo).pan);
    if (!card || !(await this.sees(user, card.customer.content.office))) throw new DomainError('meter-not-found');
    return card;
  }

  /** @throws {DomainError} customer-not-found: of an office that is not the person's */
  async mayUse(user: SessionUser, office: string): Promise<void> {
    if (!(await this.sees(user, office))) throw new DomainError('customer-not-found');
  }

  private async sees(user: SessionUser, office: string): Promise<boolean> {
    const offices = await officesOf(this.database, user);
    return offices === 'all' || offices.includes(office);
  }
}

/** Who does it, for the record. */
export function actorOf(user: SessionUser): string {
  return `user:${user.username}`;
}
