import { newId } from '@vend/kernel';
import type { Id } from '@vend/kernel';
const x: Id = newId(); console.log('api', x);
