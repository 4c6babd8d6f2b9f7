/**
 * A Bangladeshi mobile number in the one form that is stored, 8801XXXXXXXXX; undefined when the text is none.
 *
 * @example normaliseMobile('01700000001') // '8801700000001'
 */
export function normaliseMobile(text: string): string | undefined {
  const match = /^(?:88)?(01[3-9]\d{8})$/.exec(text);
  return match ? `88${match[1]}` : undefined;
}
