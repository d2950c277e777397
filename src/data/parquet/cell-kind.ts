import type { SchemaElement } from 'hyparquet';

/** What the values of a Parquet column are. */
export type CellKind =
  | { readonly kind: 'boolean' | 'float' | 'half' | 'date' | 'text' | 'uuid' }
  /** `bits` where negative numbers stand for those above the signed range. */
  | { readonly kind: 'integer'; readonly bits: 32 | 64 | null }
  /** Whole numbers to be divided by 10^scale. */
  | { readonly kind: 'decimal'; readonly scale: number }
  | { readonly kind: 'time'; readonly perSecond: bigint }
  /** `utc` where the values are points in time rather than readings of a clock. */
  | { readonly kind: 'timestamp'; readonly perSecond: bigint; readonly utc: boolean }
  /** Can not be read: what it is, in words. */
  | { readonly kind: 'refused'; readonly what: string };

const perSecond = { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n } as const;

/** What a column of that physical and logical type holds. */
export function cellKindOf({
  type,
  converted_type: old,
  logical_type: logical,
  num_children: children,
  repetition_type: repetition,
  scale = 0,
}: SchemaElement): CellKind {
  if (logical?.type === 'VARIANT') return refused('values of varying types');
  if (children !== undefined && children > 0)
    return refused(old === 'LIST' ? 'lists' : old === 'MAP' ? 'maps' : 'records');
  if (repetition === 'REPEATED') return refused('lists');
  if (logical?.type === 'DECIMAL') return { kind: 'decimal', scale: logical.scale };
  if (old === 'DECIMAL') return { kind: 'decimal', scale };
  if (logical?.type === 'TIMESTAMP')
    return { kind: 'timestamp', perSecond: perSecond[logical.unit], utc: logical.isAdjustedToUTC };
  if (logical?.type === 'TIME') return { kind: 'time', perSecond: perSecond[logical.unit] };
  if (logical?.type === 'UUID') return { kind: 'uuid' };
  if (logical?.type === 'FLOAT16') return { kind: 'half' };
  if (old === 'DATE' || logical?.type === 'DATE') return { kind: 'date' };
  if (old === 'TIMESTAMP_MILLIS') return { kind: 'timestamp', perSecond: perSecond.MILLIS, utc: true };
  if (old === 'TIMESTAMP_MICROS') return { kind: 'timestamp', perSecond: perSecond.MICROS, utc: true };
  if (old === 'TIME_MILLIS') return { kind: 'time', perSecond: perSecond.MILLIS };
  if (old === 'TIME_MICROS') return { kind: 'time', perSecond: perSecond.MICROS };
  if (logical?.type === 'GEOMETRY' || logical?.type === 'GEOGRAPHY') return refused('shapes on a map');
  if (old === 'BSON' || old === 'INTERVAL') return refused(`values of type ${old}`);
  return physicalKind(type, old?.startsWith('UINT_') ?? false, type === 'INT64' ? 64 : 32);
}

function physicalKind(type: SchemaElement['type'], unsigned: boolean, bits: 32 | 64): CellKind {
  switch (type) {
    case 'BOOLEAN':
      return { kind: 'boolean' };
    case 'INT32':
    case 'INT64':
      return { kind: 'integer', bits: unsigned ? bits : null };
    // Timestamps of older writers, which hyparquet turns into nanoseconds.
    case 'INT96':
      return { kind: 'timestamp', perSecond: perSecond.NANOS, utc: false };
    case 'FLOAT':
    case 'DOUBLE':
      return { kind: 'float' };
    // Some writers leave it to the reader to know that bytes are text.
    case 'BYTE_ARRAY':
      return { kind: 'text' };
    default:
      return refused('bytes');
  }
}

function refused(what: string): CellKind {
  return { kind: 'refused', what };
}
