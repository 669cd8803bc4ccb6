"""What programmers call their variables, in four languages, in ASCII.

Belongs here: the words. Does not belong here: choosing among them (``names``).
"""

LANGUAGES = ("german", "spanish", "french", "italian")

# English: German, Spanish, French, Italian.
_TABLE = """
answer: antwort, respuesta, reponse, risposta
area: flaeche, area_total, surface, superficie
arr: feld, arreglo, tableau, vettore
array: feld, arreglo, tableau, vettore
average: mittel, promedio, moyenne, media
base: basis, base_num, socle, radice
best: bestes, mejor, meilleur, migliore
bit: stelle, digito_bin, chiffre_bin, cifra_bin
bits: stellen, digitos_bin, chiffres_bin, cifre_bin
candidate: kandidat, candidato, candidat, candidato
char: zeichen, caracter, caractere, carattere
chars: zeichenfolge, caracteres, caracteres, caratteri
col: spalte, columna, colonne, colonna
column: spalte, columna, colonne, colonna
cost: kosten, costo, cout, costo
count: anzahl, cuenta, compte, conteggio
counter: zaehler, contador, compteur, contatore
counts: anzahlen, cuentas, comptes, conteggi
current: aktuell, actual, courant, corrente
cur: aktuell, actual, courant, corrente
data: daten, datos, donnees, dati
day: tag, dia, jour, giorno
days: tage, dias, jours, giorni
degree: grad, grado, degre, grado
depth: tiefe, profundidad, profondeur, profondita
diff: differenz, diferencia, difference, differenza
difference: differenz, diferencia, difference, differenza
digit: ziffer, cifra, chiffre, cifra
digits: ziffern, cifras, chiffres, cifre
distance: abstand, distancia, ecart, distanza
divisor: teiler, divisor_num, diviseur, divisore
edge: kante, arista, arete, arco
edges: kanten, aristas, aretes, archi
element: element_wert, elemento, element_courant, elemento
end: ende, fin, fin, fine
factor: faktor, factor_num, facteur, fattore
first: erstes, primero, premier, primo
flag: merker, bandera, drapeau, segnale
found: gefunden, encontrado, trouve, trovato
graph: graph_netz, grafo, graphe, grafo
grid: gitter, cuadricula, grille, griglia
group: gruppe, grupo, groupe, gruppo
half: haelfte, mitad, moitie, meta
head: kopf, cabeza, tete, testa
heap: halde, monton, tas, mucchio
height: hoehe, altura, hauteur, altezza
high: oben, alto, haut, alto
i: laufzahl, indice, indice, indice
index: zeiger, indice, indice, indice
item: eintrag, articulo, article, voce
items: eintraege, articulos, articles, voci
j: nebenzahl, subindice, sous_indice, sottoindice
k: schranke, cota, borne, soglia
key: schluessel, clave, cle, chiave
last: letztes, ultimo, dernier, ultimo
left: links, izquierda, gauche, sinistra
length: laenge, longitud, longueur, lunghezza
letter: buchstabe, letra, lettre, lettera
letters: buchstaben, letras, lettres, lettere
level: ebene, nivel, niveau, livello
limit: grenze, limite, limite, limite
line: zeile, linea, ligne, riga
lines: zeilen, lineas, lignes, righe
list: liste, lista, liste, lista
low: unten, bajo, bas, basso
lst: liste, lista, liste, lista
m: mass, medida, mesure, misura
matrix: matrix_werte, matriz, matrice, matrice
max: groesstes, maximo, maximum, massimo
maximum: groesstes, maximo, maximum, massimo
mid: mitte, medio, milieu, mezzo
middle: mitte, medio, milieu, mezzo
min: kleinstes, minimo, minimum, minimo
minimum: kleinstes, minimo, minimum, minimo
n: umfang, cantidad, effectif, quantita
name: bezeichnung, nombre, nom, nome
names: bezeichnungen, nombres, noms, nomi
neighbor: nachbar, vecino, voisin, vicino
neighbors: nachbarn, vecinos, voisins, vicini
next: naechstes, siguiente, suivant, prossimo
node: knoten, nodo, noeud, nodo
nodes: knotenliste, nodos, noeuds, nodi
num: zahl, numero, nombre, numero
number: zahl, numero, nombre, numero
numbers: zahlen, numeros, nombres, numeri
nums: zahlen, numeros, nombres, numeri
odd: ungerade, impar, impair, dispari
even: gerade, par, pair, pari
output: ausgabe, salida, sortie, uscita
pair: paar, pareja, paire, coppia
pairs: paare, parejas, paires, coppie
parent: eltern, padre, parent_noeud, genitore
parts: teile, partes, parties, parti
part: teil, parte, partie, parte
path: pfad, camino, chemin, percorso
pivot: angelpunkt, pivote, pivot_choisi, perno
point: punkt, punto, point_courant, punto
points: punkte, puntos, points_donnes, punti
pos: stelle, posicion, position_lue, posizione
position: stelle, posicion, position_lue, posizione
power: potenz, potencia, puissance, potenza
prefix: praefix, prefijo, prefixe, prefisso
prev: vorher, anterior, precedent, precedente
previous: vorher, anterior, precedent, precedente
price: preis, precio, prix, prezzo
prices: preise, precios, prix_liste, prezzi
prime: primzahl, primo, premier_nombre, primo
primes: primzahlen, primos, nombres_premiers, primi
product: produkt, producto, produit, prodotto
queue: schlange, cola, file_attente, coda
quotient: quotient_wert, cociente, quotient_obtenu, quoziente
remainder: rest, resto, reste, resto
res: ergebnis, resultado, resultat, risultato
rest: uebrig, sobrante, restant, resto
result: ergebnis, resultado, resultat, risultato
results: ergebnisse, resultados, resultats, risultati
right: rechts, derecha, droite, destra
root: wurzel, raiz, racine, radice
row: zeile, fila, rangee, riga
rows: zeilen, filas, rangees, righe
s: text, texto, texte, testo
score: punktzahl, puntaje, pointage, punteggio
second: zweites, segundo, deuxieme, secondo
seen: gesehen, vistos, vus, visti
sequence: folge, secuencia, suite, successione
sign: vorzeichen, signo, signe, segno
size: groesse, tamano, taille, dimensione
slow: langsam, lento, lent, lento
fast: schnell, rapido, rapide, veloce
stack: stapel, pila, pile, pila
start: anfang, inicio, debut, inizio
state: zustand, estado, etat, stato
step: schritt, paso, pas, passo
steps: schritte, pasos, etapes, passi
string: zeichenkette, cadena, chaine, stringa
sum: summe, suma, somme, somma
tail: schwanz, cola_lista, queue_liste, fondo
target: ziel, objetivo, cible, obiettivo
temp: zwischenwert, temporal, temporaire, temporaneo
term: glied, termino, terme, termine
test_tup: tupel, tupla, uplet, tupla
text: wortlaut, texto, texte, testo
time: zeit, tiempo, temps, tempo
times: zeiten, tiempos, moments, tempi
total: summe, total_suma, somme, totale
tree: baum, arbol, arbre, albero
tup: tupel, tupla, uplet, tupla
value: wert, valor, valeur, valore
values: werte, valores, valeurs, valori
vertex: ecke, vertice, sommet, vertice
visited: besucht, visitados, visites, visitati
weight: gewicht, peso, poids, peso
weights: gewichte, pesos, poids_liste, pesi
width: breite, ancho, largeur, larghezza
window: fenster, ventana, fenetre, finestra
word: wort, palabra, mot, parola
words: woerter, palabras, mots, parole
x: abszisse, abscisa, abscisse, ascissa
y: ordinate, ordenada, ordonnee, ordinata
year: jahr, anio, annee, anno
zero: null, cero, zero_valeur, nullo
"""

WORDS: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
"""By language: English name -> name in it."""
for _line in _TABLE.strip().splitlines():
    _english, _, _others = _line.partition(": ")
    for _language, _word in zip(LANGUAGES, _others.split(", "), strict=True):
        WORDS[_language][_english] = _word

UNKNOWN = {
    "german": ("ding", "sache", "merkmal", "posten", "stueck", "vorrat", "zweig", "faden", "bogen", "kasten"),
    "spanish": ("cosa", "dato", "rasgo", "pieza", "trozo", "rama", "hilo", "caja", "arco", "resumen"),
    "french": ("chose", "donnee", "trait", "piece", "morceau", "branche", "fil", "boite", "arcade", "bilan"),
    "italian": ("cosa", "dato", "tratto", "pezzo", "brano", "ramo", "filo", "scatola", "arcata", "bilancio"),
}
"""By language: names for variables whose word is not known."""
