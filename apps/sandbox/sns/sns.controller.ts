import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { SnsPublisher } from './sns-publisher';

/** Amazon's service as a topic's owner steers it. */
@Controller('sns')
export class SnsController {
  constructor(private readonly publisher: SnsPublisher) {}

  /** Asks the vending system whether it wants to be told. */
  @Post(':provider/subscribe')
  @HttpCode(200)
  async subscribe(@Param('provider') code: string): Promise<{ answered: number }> {
    return { answered: await this.publisher.askToSubscribe(code) };
  }
}
