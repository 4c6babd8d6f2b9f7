import { ApiProperty } from '@nestjs/swagger';
import { OneOfField, WordsField, YesNoField } from '../http/fields';
import { MoneyDto } from '../http/priced.dto';
import { AddressField, MobileField, PersonNameField } from './fields';

const LANGUAGES = ['bn', 'en'] as const;
const SMS_FORMS = ['words', 'line'] as const;
const PERSON_ROLES = ['owner', 'tenant', 'payer'] as const;

export class CustomerChangeRequest {
  @PersonNameField({ optional: true }) name?: string;
  @MobileField({ optional: true }) mobile?: string;
  @AddressField({ optional: true }) address?: string;
  @OneOfField(LANGUAGES, 'Language of receipts', { optional: true }) language?: (typeof LANGUAGES)[number];
  @OneOfField(SMS_FORMS, 'Receipts by SMS: words, or the line for programs (docs/SMS.md)', { optional: true })
  smsForm?: (typeof SMS_FORMS)[number];
  @WordsField('Why, with the paper it rests on', 'marriage certificate seen') reason!: string;
}

export class CloseRequest {
  @WordsField('Why', 'moved away, letter of 2026-11-20') reason!: string;
}

export class ClosedDto {
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ example: '2026-11-21' }) closedOn!: string;
  @ApiProperty({ example: 1, description: 'Meters that came off the wall' }) meters!: number;
  @ApiProperty({ type: MoneyDto, description: 'What was carried, to be handed to the customer' }) paidOut!: MoneyDto;
}

export class PersonRequest {
  @OneOfField(PERSON_ROLES, 'What the person is to the connection') role!: (typeof PERSON_ROLES)[number];
  @PersonNameField() name!: string;
  @MobileField() mobile!: string;
  @OneOfField(LANGUAGES, 'Language of receipts') language!: (typeof LANGUAGES)[number];
  @YesNoField('Receipts go to this person too; needs a mobile number') receivesSms!: boolean;
  @WordsField('Why', 'rents the house from the owner') reason!: string;
}

export class PersonRemovalRequest {
  @WordsField('Why', 'moved out') reason!: string;
}
