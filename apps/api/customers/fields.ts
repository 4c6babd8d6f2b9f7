import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { TARIFF_CLASSES } from '@vend/meters';
import { OneOfField, textField } from '../http/fields';

/** The fields of requests about customers, connections and meters. */
interface Optional {
  readonly optional?: boolean;
}

export function CustomerNoField() {
  return textField(/^[0-9A-Za-z/-]{1,20}$/, 'Customer number', '40000001', {});
}

export function PersonNameField(options: Optional = {}) {
  return textField(/^[^\p{Cc}\uFFFD]{1,120}$/u, 'Name, in Bangla or English', 'রহিমা খাতুন', options);
}

export function AddressField(options: Optional = {}) {
  return textField(/^[^\p{Cc}\uFFFD]{1,200}$/u, 'Address', 'বাড়ি 12, কাজলা', options);
}

/** Empty: none. */
export function MobileField(options: Optional = {}) {
  return textField(/^$|^(?:88)?01[3-9]\d{8}$/, 'Mobile number, 01XXXXXXXXX; empty: none', '01700000001', options);
}

export function DayField(description: string, options: Optional = {}) {
  return textField(/^20\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, description, '2026-12-01', options);
}

export function KwField(options: Optional = {}) {
  return textField(/^(?!0+(?:\.0+)?$)\d{1,6}(?:\.\d{1,3})?$/, 'Sanctioned load in kW', '2.5', options);
}

export function TariffClassField(options: Optional = {}) {
  return OneOfField(TARIFF_CLASSES, 'Customer class of the tariff order', options);
}

/** One or three phases, as a number. */
export function PhaseField() {
  return applyDecorators(ApiProperty({ enum: [1, 3], example: 1, description: 'Phases of the supply' }), IsIn([1, 3]));
}
