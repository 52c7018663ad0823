META
key;value
description;"Presupuesto participativo de Villa Serena; una localidad inventada para estas pruebas"
country;Argentina
unit;Villa Serena
instance;2025
num_projects;8
num_votes;14
budget;100000
vote_type;approval
rule;greedy
date_begin;03.03.2025
date_end;21.03.2025
max_length;4
language;es
currency;ARS
PROJECTS
project_id;cost;votes;name;category;selected;district;latitude;longitude;description
1;45000;8;Plaza del arroyo;parks,children;1;Norte;-34.6012;-58.3816;Juegos y sombra
2;30000.50;7;"Bicisenda ""La Vía""; primer tramo";transport;1;Centro;;;
3;40000;6;Polideportivo;sport;0;Sur;-34.62;-58.4;"Techo,
piso y luces"
10;12000;4;Biblioteca abierta;culture;1;Centro;;;
4;12000;4;Huerta de la escuela;parks;1;Norte;;;
5;15000;4;Luces en la parada;transport;0;Sur;;;
6;100000.01;3;Puente peatonal;transport;0;Norte;;;
7;999.49;0;Mural de la estación;culture;1;Centro;;;
VOTES
voter_id;vote;age;sex
v01;1,2,3;34;F
v02;1,2,3;51;M
v03;1,2,3,6;29;F
v04;1,2,10,4;40;M
v05;1,2,10,4;62;F
v06;1,3,5;18;M
v07;1,3,5;23;F
v08;1,2,4;77;M
v09;2,10,5,6;45;F
v10;3;31;M
v11;10,4;38;F
v12;5;56;M
v13;6;27;F
v14;;70;O
