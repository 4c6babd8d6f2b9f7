import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { html, label, sendPage } from './http/html';
import { STYLE } from './http/style';

const ROOMS = [
  ['/phones', 'ফোনের ইনবক্স', 'Phone inbox', 'গ্রাহকের ফোনে যেসব এসএমএস এসেছে', 'The SMS that customers received'],
  ['/meters', 'পরীক্ষামূলক মিটার', 'Virtual meters', 'মিটারে ২০ সংখ্যার টোকেন দিন', 'Type a 20-digit token into a meter'],
  ['/gateway', 'মোবাইল ব্যাংকিং', 'Mobile money', 'বিকাশ বা নগদের মতো বিল দিন', 'Pay a bill as a mobile wallet does'],
  [
    '/providers',
    'কোম্পানির খাতা',
    'Companies’ books',
    'কোন কোম্পানি কত টাকা নিয়েছে ও ফেরত দিয়েছে',
    'What each company took from payers and gave back',
  ],
  [
    '/billers',
    'কোম্পানি',
    'Companies that sell recharges',
    'প্রতিটি কোম্পানির নিজের ভাষায় বিল দিন',
    'Pay a bill in each company’s own dialect',
  ],
  ['/sms', 'এসএমএস গেটওয়ে', 'SMS gateway', 'গেটওয়ের ত্রুটি চালু বা বন্ধ করুন', 'Switch the gateway’s faults on and off'],
] as const;

/** The first page, the style sheet, and health. */
@Controller()
export class PagesController {
  @Get()
  async index(@Res() reply: FastifyReply): Promise<void> {
    const cards = ROOMS.map(
      ([href, bn, en, whatBn, whatEn]) =>
        html`<section class="card">
          <h2><a href="${href}">${label(bn, en)}</a></h2>
          <p>${label(whatBn, whatEn)}</p>
        </section>`,
    );
    await sendPage(reply, 'বাইরের জগৎ', 'The outside world', html`<div class="cards">${cards}</div>`);
  }

  @Get('style.css')
  @Header('content-type', 'text/css; charset=utf-8')
  style(): string {
    return STYLE;
  }

  @Get('health/live')
  live(): { status: string } {
    return { status: 'live' };
  }

  /** Ready as soon as it answers: the stored phones and meters are read before the port is opened. */
  @Get('health/ready')
  ready(): { status: string } {
    return { status: 'ready' };
  }
}
