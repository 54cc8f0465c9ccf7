"""Which of our fields a heading means, in the languages shops keep their lists in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stockshop.text import fold

_WORDS = re.compile(r"[^\W_]+|[€$£¥]")


def words_of(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


# Written without spaces, accents and case, as `key` makes them. The first words are our own names.
_SYNONYMS = {
    "sku": """sku artikelnummer artikelnr artnr artno artikelno bestellnummer productid productcode
        itemnumber itemno itemcode itemid partnumber partno stockcode articlenumber productnumber
        referencia reference ref codearticle codeproduit referencearticle codigo codigoarticulo
        codigoproducto artikelcode productnummer varenummer varenr codigodoproduto codice codicearticolo
        codiceprodotto code id internalid variantsku nummer produktnummer warennummer""",
    "name": """name productname itemname title produktname artikelname artikel bezeichnung artikelbezeichnung
        produktbezeichnung produkt nom nomproduit designation libelle nombre nombreproducto producto articulo
        denominacion naam productnaam omschrijving artikelomschrijving nome nomeprodotto prodotto articolo
        denominazione titel titre titulo titolo product item producttitle itemdescription productdescription
        ware intitule article nomeproduto produto denominacao varunamn varenavn navn namn benamning
        nazwa nazev""",
    "label_name": """labelname shortname kurzname kurzbezeichnung kurztext etikettentext nomcourt libellecourt
        nombrecorto kortenaam nomebreve labeltext""",
    "category": """category categories productcategory producttype kategorie kategorien warengruppe
        produktgruppe artikelgruppe sortiment categorie rayon famille familia categoria rubriek groep
        artikelgroep productgroep gruppo famiglia reparto department group productgroup type kategoria
        varegruppe varugrupp""",
    "unit": """unit uom unitofmeasure unitofmeasurement einheit mengeneinheit verkaufseinheit me unite
        unitedevente unidad unidadmedida eenheid unita unitamisura um""",
    "price": """price sellingprice salesprice saleprice retailprice unitprice regularprice rrp listprice
        priceinctax preis verkaufspreis vkpreis vk endpreis ladenpreis einzelpreis stuckpreis uvp prix
        prixdevente prixvente prixunitaire pv pvp precio precioventa precioventapublico preciounitario
        prijs verkoopprijs consumentenprijs prezzo prezzovendita prezzodivendita prezzounitario
        prezzopubblico preco precovenda precodevenda precounitario pris salgspris cena""",
    "cost": """cost unitcost costprice purchaseprice buyingprice costperitem defaultunitcost
        wholesaleprice einkaufspreis ekpreis ek einstandspreis prixachat prixdachat coutunitaire cout
        preciocompra coste costo costeunitario inkoopprijs kostprijs precocusto precocompra custo
        innkjopspris kostpris inkopspris tradeprice tradepriceexvat prezzoacquisto prezzodiacquisto
        costounitario""",
    "tax_rate": """taxrate tax vat vatrate salestax taxpercent taxpercentage mwst mwstsatz ust ustsatz
        umsatzsteuer mehrwertsteuer steuersatz steuer tva tauxtva tauxdetva iva tipoiva ivapercentuale
        aliquota aliquotaiva btw btwpercentage btwtarief gst""",
    "price_includes_tax": "priceincludestax taxinclusive taxincluded",
    "barcodes": """barcodes barcode ean ean13 ean8 gtin gtin13 gtin14 gtin8 gtin12 upc upca isbn isbn13
        eancode eannummer strichcode strichcodes codebarre codebarres codesbarres gencod codigobarras
        codigodebarras codigosdebarras streepjescode codiceabarre codicebarre codiceean stregkode
        strekkode streckkod kodkreskowy gtinupceanorisbn globaluniqueid variantbarcode barcodenumber
        eangtin gtinean eanupc upcean""",
    "net_content": """netcontent contents inhalt fullmenge nettoinhalt nettofullmenge inhaltsmenge contenu
        contenance quantitenette contenido contenidoneto netteinhoud inhoud contenuto contenutonetto
        netquantity nettomenge""",
    "net_content_unit": "netcontentunit inhaltseinheit inhalteinheit contentunit",
    "weight": """weight gewicht versandgewicht bruttogewicht nettogewicht poids peso grossweight
        shippingweight variantgrams grams""",
    "length": "length lange longueur largo longitud lengte lunghezza tiefe depth profondeur diepte",
    "width": "width breite largeur ancho anchura breedte larghezza",
    "height": "height hohe hauteur alto altura hoogte altezza",
    "tracking": "tracking chargenpflichtig lottracking chargenpflicht",
    "preferred_bin": """preferredbin bin binlocation location shelf lagerplatz lagerort stellplatz regal fach
        platz emplacement casier ubicacion estante locatie magazijnlocatie schap posizione ubicazione
        scaffale storagelocation""",
    "reorder_point": """reorderpoint reorderlevel minstock minimumstock minqty lowstock lowstockamount
        mindestbestand meldebestand minbestand bestellpunkt stockmini stockminimum seuildalerte seuilalerte
        stockalerte stockminimo puntopedido puntodepedido minimumvoorraad minvoorraad bestelpunt
        scortaminima scortamin puntodiriordino""",
    "order_up_to": """orderupto orderuptolevel maxstock maximumstock maxqty parlevel hochstbestand sollbestand
        maxbestand maximalbestand stockmaxi stockmaximum stockmaximo maximumvoorraad maxvoorraad
        scortamassima""",
    "supplier": """supplier suppliername vendor vendorname defaultvendorname lieferant lieferantenname
        hersteller fournisseur proveedor leverancier fornitore fornecedor leverandør leverantor dostawca
        manufacturer brand marke marque marca merk""",
    "supplier_code": """suppliercode suppliersku supplierpartnumber vendorcode vendorsku defaultvendorcode
        lieferantenartikelnummer lieferantenartikelnr lieferantenartnr herstellernummer referencefournisseur
        reffournisseur referenciaproveedor refproveedor leveranciersartikelnummer artikelnummerleverancier
        codicefornitore mpn""",
    "supplier_pack": """supplierpack packsize casesize caseqty packqty orderunit gebinde gebindegrosse
        verpackungseinheit ve vpe liefereinheit conditionnement colisage unidadesporcaja besteleenheid
        verpakkingseenheid confezione pezzipercartone""",
    "minimum_order": """minimumorder minimumorderquantity moq minorder minorderqty mindestbestellmenge
        mindestmenge quantiteminimum quantiteminimale pedidominimo minimalebestelling minimumbestelling
        ordineminimo""",
    "notes": """notes note remarks remark comment comments notizen notiz bemerkung bemerkungen anmerkung
        kommentar remarque remarques commentaire notas observaciones opmerking opmerkingen commenti""",
    "archived": "archived archiviert discontinued inactive inaktiv obsolete archive archivado archiviato",
    "quantity": """quantity qty stock stockqty stockquantity onhand quantityonhand qtyonhand stocklevel
        instock inventory inventoryquantity currentstock currentquantity variantinventoryqty available
        bestand lagerbestand menge anzahl stuckzahl lagermenge istbestand aktuellerbestand quantite qte
        stockactuel quantiteenstock cantidad existencias stockactual aantal voorraad voorraadaantal
        quantita giacenza esistenza scorta soh estoque quantidade stockatual antal antall lager lagersaldo
        beholdning ilosc stan""",
}  # fmt: skip
# A heading that is the name where there is no better one, and a note where there is.
_NAME_OR_NOTES = words_of(
    "description beschreibung artikelbeschreibung produktbeschreibung descripcion descrizione desc descricao "
    "beschrijving longdescription langtext"
)
_STOCK_SYNONYMS = {
    "lot": "lot lotnumber lotno batch batchnumber batchno charge chargennummer chargennr lote numerolote "
    "partij partijnummer lotto numerolotto numerodelot",
    "expiry": "expiry expirydate expires expiration expirationdate bestbefore bestbeforedate useby mhd "
    "mindesthaltbarkeit mindesthaltbarkeitsdatum ablaufdatum verfallsdatum haltbarbis dluo dlc ddm "
    "dateexpiration datedexpiration datelimite caducidad fechacaducidad vervaldatum houdbaarheidsdatum tht "
    "scadenza datascadenza",
}

FIELDS = tuple(_SYNONYMS)
"""The fields of a product that a column can hold."""

_GROSS = words_of("brutto gross ttc inkl inklusive incl inclusive including inc incluido inclusief ivato")
_NET = words_of("netto net ht exkl exklusive excl exclusive excluding ex zzgl hors")
_TAXES = words_of("mwst ust vat tax gst iva tva btw steuer")
_UNITS = {
    "g": "g", "gr": "g", "grams": "g", "gramm": "g", "gram": "g", "kg": "kg", "kilo": "kg", "lb": "lb",
    "lbs": "lb", "oz": "oz", "mm": "mm", "cm": "cm", "m": "m", "in": "in", "inch": "in", "inches": "in",
    "ml": "ml", "l": "l",
}  # fmt: skip
_FILLERS = words_of("in per pro je of the de du des la le el der die das und and %")
SIGNS = {"€": "EUR", "$": "$", "£": "GBP", "¥": "¥"}
CURRENCIES = words_of(
    "EUR USD GBP CHF SEK NOK DKK PLN CZK HUF RON BGN TRY CAD AUD NZD JPY CNY INR ZAR BRL MXN SGD HKD KRW "
    "THB ILS AED SAR UAH ISK"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says beside the name of the field."""

    key: str
    bare_key: str
    """The key without unit, currency and the words for with and without tax."""
    unit: str | None
    currency: str | None
    """An ISO code, or `$` or `¥`, which stand for several."""
    is_gross: bool | None


def key(heading: str) -> str:
    """The heading without case, accents, spaces and punctuation: `Is featured?` is `isfeatured`."""
    return "".join(_WORDS.findall(fold(heading)))


def read_heading(heading: str) -> Heading:
    """Take a heading apart: `VK brutto (EUR)`, `Prix TTC`, `Weight (kg)`, `weight_g`."""
    words: list[str] = _WORDS.findall(fold(heading).replace("_", " "))
    currency = unit = None
    gross: bool | None = None
    bare = []
    for position, word in enumerate(words):
        if word in SIGNS or word.upper() in CURRENCIES:
            currency = SIGNS.get(word, word.upper())
        elif word in _GROSS or word in _NET:
            gross = word in _GROSS
        elif position and word in _UNITS:
            unit = _UNITS[word]
        elif word not in _FILLERS and not (position and word in _TAXES):
            bare.append(word)
    return Heading("".join(words), "".join(bare), unit, currency, gross)


def _index(tables: dict[str, str]) -> dict[str, tuple[str, int]]:
    return {word: (name, rank) for name, words in tables.items() for rank, word in enumerate(words.split())}


_BY_WORD = _index(_SYNONYMS)
_STOCK_BY_WORD = {**_BY_WORD, **_index(_STOCK_SYNONYMS)}
_BARE_WORD_RANK = 1_000


def find_field(heading: Heading, *, stock: bool = False) -> tuple[str, int] | None:
    """The field a heading means, or None; `name or notes` for a description.

    The number says how good a word for the field it is: 0 is the best, `sku` before `id`.
    """
    words = _STOCK_BY_WORD if stock else _BY_WORD
    for candidate, penalty in ((heading.key, 0), (heading.bare_key, _BARE_WORD_RANK)):
        if candidate in words:
            name, rank = words[candidate]
            return name, rank + penalty
        if candidate in _NAME_OR_NOTES:
            return "name or notes", penalty
    return None
