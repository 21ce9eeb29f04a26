"""Papers of many kinds as text, where a wide gap parts pieces of a line; and what they look like on a page."""

from __future__ import annotations

import re

from PIL import Image, ImageDraw, ImageFont

from core.reading.line import Box, Line

SHORT_INVOICE = """\
INVOICE
INVOICE NO: 18301/102/T0305
Date: 14 March 2024
Customer: Ada Lovelace
Consulting        1,200.00
Travel               34.50
TOTAL: 1,234.50 EUR
"""

INVOICE = """\
Northwind Traders Ltd.                                   INVOICE
12 Harbour Road                                          Invoice #        INV-2024-0042
Bristol BS1 4RW                                          Invoice Date     03/05/2024
Phone: +44 117 496 0123                                  Due Date         02/06/2024
accounts@northwind.example

Bill To:                          Ship To:
Contoso GmbH                      Contoso Warehouse
Hauptstr. 5                       Lagerweg 12
10115 Berlin                      12345 Potsdam

Description             Qty       Unit Price      Total
Blue widgets            10        12.50           125.00
Red widgets             4         20.00           80.00
Delivery                1         15.00           15.00

                                  Subtotal        £220.00
                                  VAT 20%         £44.00
                                  Total           £264.00
                                  Amount Paid     £100.00
                                  Balance Due     £164.00

Payment terms: 30 days. Please quote the invoice number with your payment.
IBAN: GB29 NWBK 6016 1331 9268 19
"""

RECEIPT = """\
         CORNER CAFE
       45 Mill Lane, York
     Tel 01904 555 0199
  2024-07-19       13:42
  Receipt No 88231
2 Flat White          7.00
1 Cheese Toastie      6.50
1 Orange Juice        3.25
Subtotal             16.75
Tip                   2.00
TOTAL GBP            18.75
Cash                 20.00
Change                1.25
   Thank you!
"""

LETTER = """\
Greenfield Library
8 Park Avenue
Leeds

                                        12 October 2023

Mr Tom Baker
3 River Street
Leeds

Dear Mr Baker,

We are writing to tell you that the book "Middlemarch" is overdue.
Please return it by 31 October 2023. A fee of $4.50 will be charged
for each week of delay. If you have questions call 0113 496 0000.

Yours sincerely,

Jane Holt
Head Librarian
"""

BOARDING_PASS = """\
BOARDING PASS                     Flight
Passenger name                    LH 2473
SMITH/JOHN MR                     Seat
From                              14C
Munich (MUC)                      Gate
To                                G28
Manchester (MAN)                  Boarding time
Date                              10:35
21 JUN 2024                       Class
                                  Economy
"""

APPLICATION = """\
APPLICATION FORM
First name:      Maria            Last name:    Gonzalez
Date of birth:   05/11/1990       Nationality:  Spanish
Passport No.:    XDA123456        Gender:       F
Email:           maria@mail.example
Address:         Calle Mayor 1, Madrid
Position applied for:  Data Analyst
Expected salary: €42,000          Start date:   1 September 2024
"""

COLUMNS = """\
ACME CORPORATION                        TAX INVOICE

FROM                  TO                    INVOICE NUMBER    DATE          DUE
Acme Corporation      Globex Inc            A-1007            Jan 5, 2023   Feb 4, 2023
1 Road Runner Way     742 Evergreen Terrace

ITEM                                    HOURS     RATE      AMOUNT
Design work                             12        $80.00    $960.00
Development                             30        $95.00    $2,850.00

                                                  NET AMOUNT    $3,810.00
                                                  SALES TAX     $304.80
                                                  GRAND TOTAL   $4,114.80

Thank you for your business!
"""

RECHNUNG = """\
Musterfirma GmbH
Rechnungsnummer: RE-2024-17
Rechnungsdatum: 01.02.2024
Zwischensumme            100,00 €
MwSt. 19%                 19,00 €
Gesamtbetrag             119,00 €
Zahlbar bis 15.02.2024
"""

HOTEL_BILL = """\
GRAND PLAZA HOTEL                              Folio No.: 55-8812
100 Beach Blvd, Miami FL 33139                 Tel: (305) 555-0188

Guest: Ms. Emily Carter                        Room: 1204
Arrival: 08/12/2023                            Departure: 08/15/2023

Date          Description           Charges
08/12/2023    Room charge           $189.00
08/13/2023    Room charge           $189.00
08/14/2023    Minibar               $12.50
              State tax 7%          $27.34

              Balance               $417.84
"""

POWER_BILL = """\
City Power & Light Co.
Account number 4482-991-07        Statement date Mar 3, 2024
Service address: 77 Oak St

Previous balance                      $88.12
Payment received                     -$88.12
Electricity usage 412 kWh             $61.80
Taxes and fees                         $7.15
Total amount due                      $68.95
Due date                        Mar 25, 2024
"""

PAYSLIP = """\
PAYSLIP                          Period: April 2024
Employee: Li Wei                 Employee ID: E-2231
Employer: Brightline Ltd         Department: Logistics

Gross pay         3,400.00
Income tax          612.00
Pension             170.00
Net pay           2,618.00
Paid on 30.04.2024
"""

PRESCRIPTION = """\
Dr. Susan Miller, MD
Family Practice - 22 Elm Street
Phone 555-201-3344

Patient: Robert Kane         DOB: 14/02/1961
Date: 6 June 2024

Amoxicillin 500 mg
Take one capsule three times a day for 7 days.
Refills: 0
"""

LEASE = """\
RENTAL AGREEMENT
Landlord              Helen Fox
Tenant                Omar Aziz
Property              9 Canal Court, Flat 3
Monthly rent          EUR 950
Deposit               EUR 1,900
Start of lease        1 July 2024
Notice period         three months
"""

TILL_RECEIPT = """\
SUPERMART #1182
03/22/24 18:05
MILK 1L            1.29
BREAD              2.49
EGGS 12            3.99
SUB TOTAL          7.77
SALES TAX          0.62
TOTAL              8.39
VISA ****4242      8.39
ITEMS SOLD 3
TC# 9921 0042 1187
"""

FREELANCE = """\
                                                         INVOICE
Marta Kowalska Design
ul. Długa 14/3
00-238 Warszawa                                 Invoice no.   2025/03/017
NIP PL5252344078                                Issue date    2025-03-31
                                                Payment due   2025-04-14
Billed to
Blue Harbour Studios Ltd
4 Quayside, Newcastle NE1 3DX

Service                          Hours    Rate        Amount
Logo redesign                    14       60.00       840.00
Stock photography (12)                                96.00

                                          Subtotal    936.00
                                          VAT 23%     215.28
                                          TOTAL (EUR) 1,151.28
"""

STATEMENT = """\
Redwood Plumbing & Heating, Inc.
2210 Industrial Way, Suite B
Portland, OR 97210                          (503) 555-0147

STATEMENT                                   Customer ID: RW-55190
Bill To: Janet O'Neill                      AMOUNT DUE
901 SE Taylor St                            $2,318.75
Portland, OR 97214                          Due by July 15, 2025
"""

FACTURE = """\
SARL Boulangerie Petit                      FACTURE
12 rue des Lilas                            Facture n°     F-2025-0093
69003 Lyon                                  Échéance       09/03/2025

Croissants                        300       255,00
Baguettes tradition               450       405,00

                                  Total HT     660,00 €
                                  TVA 5,5%     36,30 €
                                  Total TTC    696,30 €
"""

BOOKING = """\
BOOKING CONFIRMATION
Table 12                 Cover 2
Guest name:    Paulo Santos
Hotel:         Seaview Lodge, Porto
Check-in:      Fri 5 Dec 2025, from 15:00
Check-out:     Mon 8 Dec 2025, until 11:00
Guests:        2 adults
Price per night      EUR 92.00
"""


def laid_out(paper: str) -> list[Line]:
    """Return the pieces of a paper with the places they would have in a picture."""
    return [
        Line(piece.group(), 0.98, Box(piece.start() * 12 + 20, row * 30 + 20, piece.end() * 12 + 20, row * 30 + 42))
        for row, text in enumerate(paper.splitlines())
        for piece in re.finditer(r"\S+(?: \S+)*", text)
    ]


def painted(paper: str, size: int = 26, angle: float = 0.0) -> Image.Image:
    """Return a picture of a paper, turned by some degrees."""
    font = ImageFont.load_default(size)
    step = font.getlength("n") * 1.05
    rows = paper.splitlines()
    image = Image.new("RGB", (round(max(map(len, rows)) * step) + 120, round(len(rows) * size * 1.6) + 120), "white")
    draw = ImageDraw.Draw(image)
    for number, text in enumerate(rows):
        for piece in re.finditer(r"\S+(?: \S+)*", text):
            draw.text(
                (60 + piece.start() * step, 60 + number * size * 1.6), piece.group(), fill=(30, 30, 30), font=font
            )
    return image.rotate(angle, fillcolor="white")
