/** A text as a field of a CSV file: in quotes where it must be, or where blanks around it would be lost. */
export function quotedField(text: string): string {
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
